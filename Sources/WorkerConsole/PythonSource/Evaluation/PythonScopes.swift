/// A block of names, as the interpreter's symbol table has it.
final class PythonBlock {
    enum Kind {
        case module
        case function(isAsync: Bool, isLambda: Bool)
        case `class`
        case comprehension(PythonComprehension)
        /// Type parameters, a type alias or an annotation: where no `yield`, `await` or `:=` may stand.
        case annotation(String)
    }

    struct Marks: OptionSet {
        let rawValue: UInt16
        static let used = Self(rawValue: 1)
        static let bound = Self(rawValue: 2)
        static let parameter = Self(rawValue: 4)
        static let imported = Self(rawValue: 8)
        static let annotated = Self(rawValue: 16)
        static let global = Self(rawValue: 32)
        static let nonlocal = Self(rawValue: 64)
        static let typeParameter = Self(rawValue: 128)
        /// The variable of a comprehension.
        static let iterated = Self(rawValue: 256)
        /// Bound by `:=` in a comprehension, for the function around it.
        static let exported = Self(rawValue: 512)
    }

    let kind: Kind
    let parent: PythonBlock?
    var marks: [String: Marks] = [:]
    /// How many iterables of comprehensions are being read, those around this block included.
    var iterables: Int
    /// Loops, handlers and `with` around the statement, the innermost last.
    var frames: [Frame] = []
    var hasYield = false
    /// Where a `return` with a value stands.
    var returnedAt: SourcePlace?

    enum Frame { case loop, group, other }

    init(_ kind: Kind, parent: PythonBlock?) {
        self.kind = kind
        self.parent = parent
        self.iterables = parent?.iterables ?? 0
    }

    func has(_ name: String, _ marks: Marks) -> Bool { !(self.marks[name] ?? []).isDisjoint(with: marks) }
    func mark(_ name: String, _ marks: Marks) { self.marks[name, default: []].formUnion(marks) }

    var isModule: Bool { if case .module = self.kind { true } else { false } }
}
