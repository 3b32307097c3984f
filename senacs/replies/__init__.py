"""The query loop without its effects: what is asked, what is answered, and what that changes.

A finding that asks something is an *item*, the same over all runs. Correspondents reply to it: they
correct an answer or confirm it with a reason. Replies are data: which answers they change is
decided anew at each run, from the export and the replies alone.
"""
