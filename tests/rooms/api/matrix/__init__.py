"""The matrix of who may make which call of the API.

people.py    groups of the people of the test world
calls.py     all calls, read from the API itself
made.py      what a part hands over: the records that its calls are about, and bodies that fit
answers.py   the parts put together: what a call is to be answered with, and the call made
parts/       a module a subject; each is found by its being there, so a new one is named nowhere else
"""
