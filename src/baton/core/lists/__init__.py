"""Lists of all rooms: what may be asked of each, and the views of them that people keep.

A room registers its lists (:mod:`baton.core.lists.registry`); the core knows none of them by itself.
"""
