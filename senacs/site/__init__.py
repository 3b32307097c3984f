"""The public site of an edition: static pages, made of the edition and of nothing else.

No script is needed to read them, nothing is asked of another host, and who reads is told to nobody.
"""
