"""What other systems ask with a token: one module a family, each with its router.

The same acts as the pages, by the same services and under the same policies.
"""
