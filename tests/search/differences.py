"""All that may differ between the engines. What is not here is the same on each.

Beyond it: the order of hits whose scores are near each other (bm25 over columns on SQLite, ts_rank on PostgreSQL, bm25
over repeated words on Elasticsearch), and which of many hits are counted when they are more than a thousand (the newest
four thousand in the databases; in Elasticsearch the total is of all of them, and facets of some four thousand).
"""

from tests.elastic import answers


def queries_of_a_search() -> int:
    """Of the database, where no county or district has to be named. Elasticsearch: what is pending, the page's rows."""
    return 2 if answers() else 1


def queries_with_all_facets() -> int:
    """Beside those the districts of the size that was chosen, and once a minute the names of counties and districts."""
    return 4 if answers() else 1


def queries_of_a_question() -> int:
    """What each question to the engine may cost beyond the one statement of a database engine."""
    return 3 if answers() else 0


def few_hits_may_cost_more() -> bool:
    """Where there are few hits a near word may be meant; to count it, what is pending is read once more."""
    return answers()
