"""Other systems and group chats are told what happened, by calls to addresses that administrators have entered.

signatures.py  how a call is signed, and how a receiver checks it (standard library only)
robots.py      how messages to group chats are written and signed, and what their answers mean
audiences.py   who reads a group chat, and what all of them may see
calling.py     one call: what a receiver is told, and whether it may be told
sending.py     events from the change feed, in their order, again until they are taken
changes.py     subscriptions: made, changed, paused, resumed, ended; tests and repetitions
queries.py     what the pages and the API show
tasks.py       what the worker does
"""
