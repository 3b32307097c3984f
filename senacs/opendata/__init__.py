"""Open data: an edition's figures, and all that explains them, as files for re-use.

The public reads it, so names and codes that it prints are French. The same edition gives the same
bytes on another day, in another folder and in whatever order its figures come.
"""
