"""git-executor: the Git-native junior engineer of a homelab."""

__version__ = "0.1.0"
