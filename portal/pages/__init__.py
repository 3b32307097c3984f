"""One module a family of pages, each with its router."""
