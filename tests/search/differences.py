"""All that may differ between the engines. What is not here is the same on each.

Beyond it: the order of hits whose scores are near each other (bm25 over columns on SQLite, ts_rank on PostgreSQL, bm25
over repeated words on Elasticsearch), and which of many hits are counted when they are more than a thousand (the newest
four thousand in the databases; in Elasticsearch the total is of all of them, and facets of some four thousand).
"""

from tests.elastic import IS_SET

QUERIES_OF_A_SEARCH = 2 if IS_SET else 1
"""Of the database, where no county or district has to be named. Elasticsearch: what is pending, and the page's rows."""
QUERIES_WITH_ALL_FACETS = 4 if IS_SET else 1
"""Beside those the districts of the size that was chosen, and once a minute the names of counties and districts."""
QUERIES_OF_A_QUESTION = 3 if IS_SET else 0
"""What each question to the engine may cost beyond the one statement of a database engine."""
FEW_HITS_MAY_COST_MORE = IS_SET
"""Where there are few hits a near word may be meant; to count it, what is pending is read once more."""
