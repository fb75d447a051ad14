from tests.support.app_fixtures import balie, database_url, static_dir

__all__ = ["balie", "database_url", "static_dir"]
