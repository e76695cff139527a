/// What becomes of the lines of a text.
package struct LineDiff: Sendable {
    package enum Change: Sendable, Equatable {
        case same(String, number: Int)
        case removed(String)
        case added(String, number: Int)
    }

    /// Every line of both texts, in order; numbers are those of the new text.
    package let changes: [Change]

    /// Longer differing parts are taken as replaced whole.
    private static let compared = 4_000

    package init(from old: String, to new: String) { self.init(from: Self.lines(of: old), to: Self.lines(of: new)) }

    package init(from old: [String], to new: [String]) {
        var changes: [Change] = []
        var head = 0
        while head < min(old.count, new.count), old[head].hasSameBytes(as: new[head]) { head += 1 }
        var tail = 0
        while tail < min(old.count, new.count) - head,
            old[old.count - 1 - tail].hasSameBytes(as: new[new.count - 1 - tail])
        {
            tail += 1
        }
        for index in 0..<head { changes.append(.same(new[index], number: index + 1)) }
        let (before, after) = (Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
        changes += Self.middle(before, after, offset: head)
        for index in (new.count - tail)..<new.count { changes.append(.same(new[index], number: index + 1)) }
        self.changes = changes
    }

    private static func middle(_ before: [String], _ after: [String], offset: Int) -> [Change] {
        guard before.count <= Self.compared, after.count <= Self.compared else {
            return before.map { .removed($0) }
                + after.enumerated().map { .added($0.element, number: offset + $0.offset + 1) }
        }
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in after.difference(from: before, by: { $0.hasSameBytes(as: $1) }) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var changes: [Change] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if left < before.count, removed.contains(left) {
                changes.append(.removed(before[left]))
                left += 1
            } else if right < after.count, added.contains(right) {
                changes.append(.added(after[right], number: offset + right + 1))
                right += 1
            } else if right < after.count {
                changes.append(.same(after[right], number: offset + right + 1))
                (left, right) = (left + 1, right + 1)
            } else {
                break
            }
        }
        return changes
    }

    /// Lines without their ends; LF, CRLF and CR end one. None follows the last line end.
    package static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "\n" || scalar == "\r" else {
                line.append(scalar)
                continue
            }
            if scalar == "\r", scalars.first == "\n" { scalars.removeFirst() }
            lines.append(String(line))
            line = String.UnicodeScalarView()
        }
        if !line.isEmpty { lines.append(String(line)) }
        return lines
    }

    /// The changes as a unified diff.
    /// - Parameters:
    ///   - name: The file's name in both headings.
    ///   - context: Unchanged lines around each change.
    /// - Returns: Lines without their ends; empty when nothing differs.
    package func unified(name: String, context: Int = 3) -> [String] {
        let changed = self.changes.indices.filter { if case .same = self.changes[$0] { false } else { true } }
        guard !changed.isEmpty else { return [] }
        var lines = ["--- a/\(name)", "+++ b/\(name)"]
        var hunks: [Range<Int>] = []
        for index in changed {
            let range = max(0, index - context)..<min(self.changes.count, index + context + 1)
            if let last = hunks.last, range.lowerBound <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        var (old, new) = (1, 1)
        var position = 0
        for hunk in hunks {
            while position < hunk.lowerBound {
                Self.step(self.changes[position], &old, &new)
                position += 1
            }
            let start = (old, new)
            var body: [String] = []
            while position < hunk.upperBound {
                switch self.changes[position] {
                case .same(let line, _): body.append(" " + line)
                case .removed(let line): body.append("-" + line)
                case .added(let line, _): body.append("+" + line)
                }
                Self.step(self.changes[position], &old, &new)
                position += 1
            }
            let (before, after) = (old - start.0, new - start.1)
            lines.append(
                "@@ -\(before == 0 ? start.0 - 1 : start.0),\(before) +\(after == 0 ? start.1 - 1 : start.1),\(after) @@"
            )
            lines += body
        }
        return lines
    }

    private static func step(_ change: Change, _ old: inout Int, _ new: inout Int) {
        switch change {
        case .same: (old, new) = (old + 1, new + 1)
        case .removed: old += 1
        case .added: new += 1
        }
    }
}
