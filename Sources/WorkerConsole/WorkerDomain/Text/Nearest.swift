/// Finds what was probably meant.
package enum Nearest {
    /// Longer texts are no slips of anything here, and comparing takes the product of the lengths.
    private static let lengthLimit = 40

    /// The name with the fewest slips from a text, the first one on a tie; `nil` when none is near.
    ///
    /// A slip is a character too many, too few, another one, or two exchanged. One third of the characters may be
    /// wrong. A name that begins with the text, two characters or more, is near too.
    package static func name(to text: String, among names: [String]) -> String? {
        guard !text.isEmpty, text.utf8.count <= self.lengthLimit else { return nil }
        let typed = Array(text.lowercased().unicodeScalars)
        var best: (name: String, slips: Int)?
        for name in names {
            let slips = self.slips(typed, Array(name.unicodeScalars))
            let isNear = slips <= max(1, min(typed.count, name.unicodeScalars.count) / 3)
            if isNear, slips < best?.slips ?? .max { best = (name, slips) }
        }
        if let best { return best.name }
        return typed.count >= 2 ? names.first { $0.hasPrefix(text.lowercased()) } : nil
    }

    /// The optimal string alignment distance.
    private static func slips(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var rows = [Array(0...right.count)]
        for (index, scalar) in left.enumerated() {
            var row = [index + 1]
            for (column, other) in right.enumerated() {
                let change = scalar == other ? 0 : 1
                var least = min(rows[index][column + 1] + 1, row[column] + 1, rows[index][column] + change)
                if index > 0, column > 0, scalar == right[column - 1], left[index - 1] == other {
                    least = min(least, rows[index - 1][column - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
