//! Sans-IO MTProto 2.0, both ends of the wire.
