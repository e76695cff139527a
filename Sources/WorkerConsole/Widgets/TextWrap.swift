import TerminalCanvas

/// Breaks lines by cells.
package enum TextWrap {
    /// The line in at most `limit` parts of at most `columns` cells each, broken at blanks where there are some near;
    /// an empty line is one empty part.
    package static func wrap(_ line: [TextRun], columns: Int, limit: Int = .max) -> [[TextRun]] {
        guard columns > 0, limit > 0 else { return [] }
        var parts: [[TextRun]] = []
        var current: [Piece] = []
        var used = 0
        for run in line {
            let isComplete = Sanitizer.forEachCluster(of: run.text) { cluster in
                if used + cluster.columns > columns {
                    let rest = self.rest(of: &current, columns: columns, next: cluster.text)
                    parts.append(self.runs(of: current))
                    if parts.count >= limit { return false }
                    current = rest
                    used = rest.reduce(0) { $0 + $1.columns }
                    // The blank that a line is broken at takes no place on either side.
                    if cluster.text == " " { return true }
                }
                current.append(Piece(text: cluster.text, columns: cluster.columns, role: run.role))
                used += cluster.columns
                return true
            }
            if !isComplete { return parts }
        }
        parts.append(self.runs(of: current))
        return parts
    }

    private struct Piece {
        let text: String
        let columns: Int
        let role: Role
    }

    /// Takes the word that is begun off a full line; one longer than half a line is broken where the line ends, and
    /// one of wide characters anywhere.
    private static func rest(of line: inout [Piece], columns: Int, next: String) -> [Piece] {
        guard next != " ", let last = line.last, last.columns < 2,
            let blank = line.lastIndex(where: { $0.text == " " })
        else { return [] }
        let rest = Array(line[(blank + 1)...])
        guard rest.reduce(0, { $0 + $1.columns }) <= columns / 2 else { return [] }
        line.removeSubrange(blank...)
        return rest
    }

    private static func runs(of pieces: [Piece]) -> [TextRun] {
        var runs: [TextRun] = []
        for piece in pieces {
            if let last = runs.last, last.role == piece.role {
                runs[runs.count - 1].text += piece.text
            } else {
                runs.append(TextRun(piece.text, piece.role))
            }
        }
        return runs
    }
}
