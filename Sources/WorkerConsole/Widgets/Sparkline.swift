package import TerminalCanvas

/// Values over time as a row of bars; the newest value is at the right.
package struct Sparkline: Sendable, Equatable {
    /// Oldest first; `nil` is a moment without a measurement and stays blank.
    package var values: [Double?]
    /// What a full bar means; `nil` for the largest value shown.
    package var maximum: Double?
    /// The highest bar does not reach the line above: graphs below each other stay apart.
    package var hasGap: Bool

    package init(_ values: [Double?], maximum: Double? = nil, hasGap: Bool = false) {
        self.values = values
        self.maximum = maximum
        self.hasGap = hasGap
    }

    /// All values over so many columns: each takes one or more, or a column stands for the largest of a few.
    package static func stretched(_ values: [Double?], columns: Int) -> [Double?] {
        guard columns > 0, !values.isEmpty else { return [] }
        return (0..<columns).map { column in
            let first = column * values.count / columns
            let end = max(first + 1, (column + 1) * values.count / columns)
            return values[first..<end].compactMap { $0 }.max()
        }
    }

    /// The height of each value, from 0 (nothing, or zero) to `steps`; `nil` where there is no value.
    package static func levels(_ values: some Collection<Double?>, maximum: Double?, steps: Int) -> [Int?] {
        let largest = maximum ?? values.reduce(0) { max($0, $1 ?? 0) }
        return values.map { value in
            guard let value, value.isFinite else { return nil }
            guard value > 0, largest > 0, steps > 0 else { return 0 }
            // Whatever is there is seen: the smallest value has the lowest bar.
            return max(1, min(steps, Int((min(value, largest) / largest * Double(steps)).rounded())))
        }
    }

    /// Draws the newest values that fit, on the floor of `area`; more than one row makes a higher graph.
    package func draw(into canvas: inout Canvas, in area: Rect, role: Role = .plain) {
        guard !area.isEmpty else { return }
        let glyphs = canvas.glyphs.glyphs
        let shown = self.values.suffix(area.columns)
        let perRow = glyphs.spark.count
        let steps = perRow * area.rows - (self.hasGap ? 1 : 0)
        let levels = Self.levels(shown, maximum: self.maximum, steps: steps)
        let start = area.endColumn - shown.count
        for (offset, level) in levels.enumerated() {
            guard let level else { continue }
            for line in 0..<area.rows {
                let height = level - line * perRow
                let isFloor = line == 0
                guard height > 0 || isFloor else { break }
                canvas.write(
                    glyphs.spark[max(0, min(perRow, height) - 1)], row: area.endRow - 1 - line,
                    column: start + offset, role: level == 0 ? .dim : role)
            }
        }
    }
}
