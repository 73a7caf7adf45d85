//! Constructor ids and layouts of the service messages.
