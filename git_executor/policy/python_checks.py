"""stub"""
def weaker_checks(path, old, new): return iter(())
