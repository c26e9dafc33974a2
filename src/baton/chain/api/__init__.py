"""The calls of the chain: parties, memberships, links, the map and what event logs say."""
