//! Rows in the binary format of COPY.

use bytes::{BufMut, Bytes, BytesMut};
use deadpool_postgres::Transaction;
use futures::{SinkExt, pin_mut};
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::{
    DatabaseError,
    column::{Column, DriverValue},
    error::BoxError,
    table::Columns,
};

const COPY: &str = include_str!("sql/copy.sql");
const NAME: &str = "bulk/copy";

/// What stands before the first row: signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands after the last one.
const TRAILER: i16 = -1;
/// What stands for the length of a null.
const NULL: i32 = -1;

/// About how much is handed to the connection at once. Pieces of the usual allocator's small sizes are
/// used again, where larger ones are fetched from the system and cleared each time.
const PIECE_BYTES: usize = 32 * 1024;

/// Rows of one table.
#[derive(Debug)]
pub(super) struct CopyRows {
    /// Pieces that are full, so that no more than one is ever moved to a larger place.
    pieces: Vec<Bytes>,
    buffer: BytesMut,
}

impl CopyRows {
    /// No rows.
    pub(super) fn new() -> Self {
        Self { pieces: Vec::new(), buffer: BytesMut::from(HEADER) }
    }

    /// Begins a row.
    pub(super) fn row(&mut self) -> CopyRow<'_> {
        if self.buffer.len() >= PIECE_BYTES {
            self.pieces.push(self.buffer.split().freeze());
            self.buffer.reserve(2 * PIECE_BYTES);
        }
        let place = self.buffer.len();
        self.buffer.put_i16(0);
        CopyRow { buffer: &mut self.buffer, place, fields: 0, outcome: Ok(()) }
    }

    fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.buffer.len() == HEADER.len()
    }

    fn finish(mut self) -> Vec<Bytes> {
        self.buffer.put_i16(TRAILER);
        self.pieces.push(self.buffer.freeze());
        self.pieces
    }
}

/// A row that is being written, field by field in the order of the table's columns.
pub(super) struct CopyRow<'b> {
    buffer: &'b mut BytesMut,
    /// Where the number of fields belongs.
    place: usize,
    fields: i16,
    outcome: Result<(), BoxError>,
}

impl CopyRow<'_> {
    /// Adds a value of ours.
    pub(super) fn column(self, value: &impl Column) -> Self {
        self.stored(&value.to_pg())
    }

    /// Adds a value as the driver has it.
    pub(super) fn stored<P: DriverValue>(self, value: &P) -> Self {
        self.field(value, &P::column_type())
    }

    /// Adds a text.
    pub(super) fn text(self, value: &str) -> Self {
        self.field(&value, &Type::TEXT)
    }

    /// Adds a value to a column of this type.
    pub(super) fn field(mut self, value: &impl ToSql, column: &Type) -> Self {
        if self.outcome.is_ok() {
            self.outcome = self.write(value, column);
        }
        self
    }

    /// Ends the row.
    pub(super) fn end(self) -> Result<(), DatabaseError> {
        self.outcome.map_err(|source| DatabaseError::Statement {
            statement: NAME,
            source: source.into(),
        })?;
        fill_in(self.buffer, self.place, &self.fields.to_be_bytes());
        Ok(())
    }

    fn write(&mut self, value: &impl ToSql, column: &Type) -> Result<(), BoxError> {
        let place = self.buffer.len();
        self.buffer.put_i32(NULL);
        if let IsNull::No = value.to_sql(column, self.buffer)? {
            let length = self.buffer.len() - place - size_of::<i32>();
            fill_in(self.buffer, place, &i32::try_from(length)?.to_be_bytes());
        }
        self.fields += 1;
        Ok(())
    }
}

/// The columns of one row of a read model.
pub(super) struct ModelRow<'b, 'r, R> {
    row: &'r R,
    fields: CopyRow<'b>,
}

impl<'b, 'r, R> ModelRow<'b, 'r, R> {
    /// The row's columns, after those in `fields`.
    pub(super) const fn after(fields: CopyRow<'b>, row: &'r R) -> Self {
        Self { row, fields }
    }

    /// Ends the row.
    pub(super) fn end(self) -> Result<(), DatabaseError> {
        self.fields.end()
    }
}

impl<R> Columns<R> for ModelRow<'_, '_, R> {
    fn column<P: DriverValue>(self, value: impl Fn(&R) -> P) -> Self {
        Self { fields: self.fields.stored(&value(self.row)), row: self.row }
    }
}

/// Adds rows to a table.
pub(super) async fn copy(
    transaction: &Transaction<'_>,
    table: &str,
    rows: CopyRows,
) -> Result<(), DatabaseError> {
    if rows.is_empty() {
        return Ok(());
    }
    let error = |error| DatabaseError::of(NAME, error);
    let text = COPY.replace(fullmakt_projections::intervals::TABLE, table);
    let statement = transaction.prepare_cached(&text).await.map_err(error)?;
    let sink = transaction.copy_in::<_, Bytes>(&statement).await.map_err(error)?;
    pin_mut!(sink);
    for piece in rows.finish() {
        sink.send(piece).await.map_err(error)?;
    }
    sink.finish().await.map_err(error)?;
    Ok(())
}

/// Writes over what was left open.
fn fill_in(buffer: &mut BytesMut, place: usize, bytes: &[u8]) {
    if let Some(open) = buffer.get_mut(place..place + bytes.len()) {
        open.copy_from_slice(bytes);
    }
}
