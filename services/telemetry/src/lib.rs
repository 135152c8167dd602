//! Logs, the canonical line of a request, and metrics.
