//! Sans-IO call core: handshake, wire formats, links, jitter buffer, packetizer.
