/// `from __future__ import …`, which must stand first (language reference, section 7.11.1).
struct PythonFutureImports {
    private(set) var postponesAnnotations = false
    /// Where the last one stands that is where it may be.
    private var last = SourcePlace(line: 0, column: 0)

    private static let features: Set<String> = [
        "nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function",
        "unicode_literals", "barry_as_FLUFL", "generator_stop", "annotations",
    ]

    /// - Throws: ``SourceError`` when a feature does not exist.
    init(_ statements: [PythonStatement]) throws(SourceError) {
        var isFirst = true
        for statement in statements {
            if isFirst, case .expression(let value) = statement.kind, case .text = value.bare {
                isFirst = false
                continue
            }
            isFirst = false
            guard case .fromImport("__future__", 0, let names) = statement.kind else { return }
            if names.isEmpty { throw SourceError(.syntax, "future feature * is not defined", at: statement.place) }
            for item in names {
                guard Self.features.contains(item.name) else {
                    let message = item.name == "braces" ? "not a chance" : "future feature \(item.name) is not defined"
                    throw SourceError(.syntax, message, at: item.place)
                }
                if item.name == "annotations" { self.postponesAnnotations = true }
            }
            self.last = statement.place
        }
    }

    /// A future import that stands there is among the first statements.
    func allows(_ place: SourcePlace) -> Bool {
        (place.line, place.column) <= (self.last.line, self.last.column)
    }
}
