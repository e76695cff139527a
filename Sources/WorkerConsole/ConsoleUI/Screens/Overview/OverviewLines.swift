import TerminalCanvas
import Widgets
import WorkerDomain

/// Lays bindings out in columns that fit: what matters least is shortened or left out, and no figure is ever cut.
struct OverviewLines {
    /// What is given up, step by step, until the columns fit.
    private struct Plan {
        /// Which spelling of the figures: 0 in full, 1 with short units, 2 without blanks and with rounded counts.
        var spelling = 0
        var hasKind = true
        /// The widest that a name gets.
        var name = 32
        var hasCount = true
        var hasSize = true
    }

    private static let plans = [
        Plan(), Plan(spelling: 1), Plan(spelling: 2), Plan(spelling: 2, hasKind: false),
        Plan(spelling: 2, hasKind: false, name: 16), Plan(spelling: 2, hasKind: false, name: 12),
        Plan(spelling: 2, hasKind: false, name: 12, hasCount: false),
        Plan(spelling: 2, hasKind: false, name: 12, hasCount: false, hasSize: false),
        Plan(spelling: 2, hasKind: false, name: 6, hasCount: false, hasSize: false),
    ]

    private struct Row {
        let binding: Binding
        let health: BindingHealth
        /// Count, size and latency in their spellings, the longest first; `nil` when it is not known.
        let figures: [[String]?]
    }

    let language: Language
    let glyphs: Glyphs

    func lines(of resources: [BoundResource], health: [String: BindingHealth], columns: Int) -> [[TextRun]] {
        let rows = resources.map { self.row($0.binding, health[$0.binding.id] ?? BindingHealth()) }
        let plan = Self.plans.first { self.width(of: rows, $0) <= columns } ?? Self.plans[Self.plans.count - 1]
        let widths = self.widths(of: rows, plan)
        // Blanks that are left go between the columns, two at most, and the rest before the figures.
        var spare = max(0, columns - self.width(of: rows, plan))
        let gaps = widths.figures.map { width -> Int in
            guard width > 0 else { return 0 }
            let extra = min(1, spare)
            spare -= extra
            return 1 + extra
        }
        return rows.map { self.line($0, plan, widths, gaps: gaps, spare: spare, columns: columns) }
    }

    // MARK: One row

    private func row(_ binding: Binding, _ health: BindingHealth) -> Row {
        guard health.state == .healthy else { return Row(binding: binding, health: health, figures: [nil, nil, nil]) }
        let bound = health.isComplete ? "" : ">"
        let (full, short): (Phrase, Phrase) =
            switch binding.kind {
            case .d1: (OverviewPhrases.tables, OverviewPhrases.tablesShort)
            case .r2: (OverviewPhrases.objects, OverviewPhrases.objectsShort)
            case .kv: (OverviewPhrases.names, OverviewPhrases.namesShort)
            }
        let count = health.items.map { items in
            [
                full(self.language, bound + Format.count(items)), short(self.language, bound + Format.count(items)),
                short(self.language, bound + Self.rounded(items)),
            ]
        }
        let size = health.bytes.map { bound + Format.bytes($0) }
        let latency = health.latency.map { Format.duration($0) }
        return Row(
            binding: binding, health: health, figures: [count, size.map(Self.spelled), latency.map(Self.spelled)])
    }

    private static func spelled(_ figure: String) -> [String] { [figure, figure, figure.replacing(" ", with: "")] }

    /// `812`, `3.2k`, `104k`, `1.2M`.
    static func rounded(_ count: Int) -> String {
        for (divisor, unit) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")] where count >= divisor {
            let tenths = count / (divisor / 10)
            return tenths < 100 ? "\(tenths / 10).\(tenths % 10)\(unit)" : "\(count / divisor)\(unit)"
        }
        return "\(count)"
    }

    private func line(
        _ row: Row, _ plan: Plan, _ widths: Widths, gaps: [Int], spare: Int, columns: Int
    ) -> [TextRun] {
        let mark = OverviewBindings.mark(of: row.health.state, self.glyphs)
        let name = Truncation.middle(row.binding.name, columns: plan.name, ellipsis: self.glyphs.ellipsis)
        var runs = [TextRun(mark.glyph + " ", mark.role), TextRun(Self.pad(name, widths.name))]
        var used = 2 + widths.name
        if widths.kind > 0 {
            let kind = row.binding.kind.rawValue.uppercased()
            runs.append(TextRun(" " + Self.pad(kind, widths.kind), .dim))
            used += 1 + widths.kind
        }
        if let note = self.note(of: row.health, columns: columns - used - 1) {
            return runs + [TextRun(" " + note, mark.role)]
        }
        runs.append(TextRun(String(repeating: " ", count: spare)))
        for (index, width) in widths.figures.enumerated() where width > 0 {
            let text = row.figures[index]?[plan.spelling] ?? Format.unknown
            runs.append(TextRun(String(repeating: " ", count: gaps[index]) + Padding.start(text, width)))
        }
        return runs
    }

    /// What stands in place of figures; the short spelling when the long one does not fit.
    private func note(of health: BindingHealth, columns: Int) -> String? {
        let state = health.state
        let (full, short): (Phrase, Phrase) =
            switch state {
            case .healthy: (OverviewPhrases.empty, OverviewPhrases.empty)
            case .unknown: (OverviewPhrases.unknown, OverviewPhrases.unknownShort)
            case .remote: (OverviewPhrases.remote, OverviewPhrases.remoteShort)
            case .empty where !health.findings.isEmpty: (OverviewPhrases.foundOther, OverviewPhrases.foundOtherShort)
            case .empty: (OverviewPhrases.empty, OverviewPhrases.emptyShort)
            case .locked: (OverviewPhrases.locked, OverviewPhrases.lockedShort)
            case .failed(let reason): (Phrase(made: reason), Phrase(made: reason))
            }
        if state == .healthy { return nil }
        let text = full(self.language)
        return Sanitizer.columns(of: text) <= columns ? text : short(self.language)
    }

    // MARK: Widths

    private struct Widths {
        let name: Int
        let kind: Int
        let figures: [Int]
    }

    private func widths(of rows: [Row], _ plan: Plan) -> Widths {
        let names = rows.map { min(plan.name, Sanitizer.columns(of: $0.binding.name)) }
        let figures = (0..<3).map { index -> Int in
            if index == 0, !plan.hasCount { return 0 }
            if index == 1, !plan.hasSize { return 0 }
            return rows.map { $0.figures[index].map { Sanitizer.columns(of: $0[plan.spelling]) } ?? 0 }.max() ?? 0
        }
        return Widths(name: names.max() ?? 0, kind: plan.hasKind ? 2 : 0, figures: figures)
    }

    private func width(of rows: [Row], _ plan: Plan) -> Int {
        let widths = self.widths(of: rows, plan)
        return 2 + widths.name + (widths.kind > 0 ? 1 + widths.kind : 0)
            + widths.figures.reduce(0) { $0 + ($1 > 0 ? 1 + $1 : 0) }
    }

    private static func pad(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text)))
    }
}
