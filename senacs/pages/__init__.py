"""The pages people read: view models, and the HTML made of them. Nothing here has effects."""
