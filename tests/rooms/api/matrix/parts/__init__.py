"""A module a subject of the API. Each says three things:

``READS``    name of a call -> (who may, status of those who may not; "" for all others)
``WRITES``   name of a call -> (who may, who sees what it is about, status of those who do not see it: 404, or 422 where
             the body names it; those who see it are refused with 403)
``made``     the records of the test world that the calls are about, as a ``Made``

The groups of ``people`` are worked out for the record that the call is about: Ward 3, the link Laundry > Ward 3, Chen
Jie's membership, Chen Jie.
"""
