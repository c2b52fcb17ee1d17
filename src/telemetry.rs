//! Logs and metrics; neither carries personal data.
