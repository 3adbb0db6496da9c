"""The copy of the entries in Elasticsearch: what it is told and asked, how it is kept true, and who watches it."""
