"""The Wechaty gateway; the only place that knows gRPC."""
