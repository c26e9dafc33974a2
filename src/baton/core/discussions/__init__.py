"""What people say about records of any kind: comments with mentions, followers and files.

Which kinds carry a discussion the rooms say in ``registries.policies`` (:class:`baton.core.registries.Discussion`); who
sees a record reads what is said about it, and nobody else learns that anything is said.
"""
