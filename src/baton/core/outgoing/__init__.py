"""Calls from this installation to addresses that people have entered: webhooks and chat bots.

addresses.py  which addresses are accepted, and which network addresses a name may mean
calls.py      one POST: resolved once, pinned, bounded in time and size, no redirect
"""
