"""The Wechaty gateway; the only place that knows gRPC."""

import os

# gRPC's C core writes to stderr whenever a connection ends. What matters of that is told by
# bot.gateway.wechaty.trouble, in words; this must be set before grpc is first imported.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
