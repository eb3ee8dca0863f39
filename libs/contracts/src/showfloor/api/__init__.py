"""Generated protobuf and gRPC contracts of every Showfloor service, those that are installed beside this package too."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
