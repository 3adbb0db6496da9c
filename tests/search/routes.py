from tests.architecture.routes import Route, everybody

ROUTES = [Route("search:search", get=everybody(200), query="q=wifi")]
