"""Groups of the people of the test world, as the matrix of calls names them."""

from __future__ import annotations

from tests.world import PEOPLE

EVERYBODY = frozenset(PEOPLE)
GUESTS = frozenset({"tom_reed"})
SEES_ALL = frozenset({"lin_mei", "sun_yan", "he_jun", "wu_tao", "qian_li"})
LINKS_ALL = frozenset({"lin_mei", "he_jun", "wu_tao"})
PEOPLE_LISTED = frozenset({"sun_yan", "qian_li", "wu_tao"})
ADMINISTRATORS = frozenset({"sun_yan"})
LOGS = frozenset({"lin_mei", "he_jun", "wu_tao"})
OF_THE_WARD = frozenset({"liu_yang", "wang_fang", "zhou_min", "chen_jie", "sun_lei"})
# two hops along the chain from their own party
NEAR_THE_WARD = OF_THE_WARD | {"zhao_lei", "gao_ming", "xu_jing", "ma_chao"}
HEADS_OF_THE_WARD = frozenset({"lin_mei", "liu_yang", "wang_fang"})
LINKS_OF_THE_WARD = HEADS_OF_THE_WARD | {"zhou_min", "zhao_lei"}

# who sees the laundry, which answers for clean linen
SEES_LINEN = SEES_ALL | NEAR_THE_WARD | {"he_ping"}
OF_THE_LAUNDRY = frozenset({"lin_mei", "zhao_lei"})
# who may enter some link
LEADERS = LINKS_OF_THE_WARD | {"xu_jing", "ma_chao", "he_ping"}
# who imports tables of the organisation, and who reads imports
IMPORTERS = frozenset({"lin_mei"})
# who deals with the patients: members of the ward, and the quality manager
KEEPERS = OF_THE_WARD | {"lin_mei"}
