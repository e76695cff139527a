package import TerminalCanvas

/// Bytes in rows: where they stand, what they are, and how they read as ASCII.
package struct HexDump: Sendable, Equatable {
    package var bytes: [UInt8]
    /// The place of the first byte in the whole.
    package var start: Int

    package init(_ bytes: [UInt8], start: Int = 0) {
        self.bytes = bytes
        self.start = start
    }

    /// The bytes that a row of `columns` cells shows: 16, 8 or 4.
    package static func bytesPerRow(columns: Int) -> Int { columns >= 78 ? 16 : columns >= 44 ? 8 : 4 }

    /// Draws from row `firstRow` on, as many rows as `area` has.
    package func draw(into canvas: inout Canvas, in area: Rect, firstRow: Int = 0) {
        let each = Self.bytesPerRow(columns: area.columns)
        for line in 0..<area.rows {
            let (first, overflow) = max(0, firstRow + line).multipliedReportingOverflow(by: each)
            guard !overflow, first < self.bytes.count else { return }
            let slice = self.bytes[first..<min(self.bytes.count, first + each)]
            let row = area.row + line
            var column = area.column
            func put(_ text: String, _ role: Role) {
                column += canvas.write(
                    text, row: row, column: column, role: role, maxColumns: max(0, area.endColumn - column))
            }
            put(Self.hex(self.start + first, digits: 8) + "  ", .dim)
            for offset in 0..<each {
                if offset == 8 { put(" ", .plain) }
                if offset < slice.count {
                    let byte = slice[slice.startIndex + offset]
                    put(Self.hex(Int(byte), digits: 2) + " ", byte == 0 ? .dim : .plain)
                } else {
                    put("   ", .plain)
                }
            }
            put(" ", .plain)
            for byte in slice {
                let isPrintable = (0x20..<0x7F).contains(byte)
                put(
                    isPrintable ? String(UnicodeScalar(byte)) : canvas.glyphs.glyphs.middleDot,
                    isPrintable ? .literal : .dim)
            }
        }
    }

    private static func hex(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
