//! Where measures go.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use crate::Measure;

/// Takes measures, and writes each as soon as it is there.
pub struct Report {
    file: Option<File>,
}

impl Report {
    /// Writes to standard output, and to this file.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn to(file: Option<&Path>) -> io::Result<Self> {
        Ok(Self { file: file.map(File::create).transpose()? })
    }

    /// Writes a measure.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn add(&mut self, measure: &Measure) -> io::Result<()> {
        let mut line = serde_json::to_string(&measure.line())?;
        line.push('\n');
        io::stdout().lock().write_all(line.as_bytes())?;
        if let Some(file) = &mut self.file {
            file.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}
