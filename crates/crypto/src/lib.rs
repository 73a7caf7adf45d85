//! Bytes to bytes: IGE, CTR, key derivations, RSA_PAD, Diffie-Hellman with its checks, PQ, SRP.
