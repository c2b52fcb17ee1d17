//! HTML pages, server-rendered.
