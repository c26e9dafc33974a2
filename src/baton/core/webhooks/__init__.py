"""Other systems are told what happened, by signed calls to addresses that administrators have entered.

signatures.py  how a call is signed, and how a receiver checks it (standard library only)
sending.py     events from the change feed, in their order, again until they are taken
changes.py     subscriptions: made, changed, paused, resumed, ended; tests and repetitions
queries.py     what the pages and the API show
tasks.py       what the worker does
"""
