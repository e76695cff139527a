/// An expression, as far as the analysis needs it.
indirect enum PythonExpression: Sendable {
    case name(String)
    case attribute(PythonExpression, String)
    case call(PythonExpression, [PythonArgument])
    case item(PythonExpression, PythonExpression)
    /// A text; `nil` when its value is not known.
    case text(String?)
    case bytes
    /// The fields of a formatted string.
    case formatted([PythonExpression])
    /// A number; `nil` when it is no small integer.
    case number(Int?)
    case constant(PythonConstant)
    case tuple([PythonExpression])
    case list([PythonExpression])
    case set([PythonExpression])
    /// Keys are `nil` for `**mapping`.
    case dictionary([(key: PythonExpression?, value: PythonExpression)])
    case await(PythonExpression)
    case yield(PythonExpression?)
    case lambda(PythonFunction)
    /// Element expressions, and the clauses in order.
    case comprehension([PythonExpression], [PythonClause], isGenerator: Bool)
    case conditional(test: PythonExpression, yes: PythonExpression, no: PythonExpression)
    case not(PythonExpression)
    /// `and` is true, `or` is false.
    case boolean(isAnd: Bool, [PythonExpression])
    case compare(PythonExpression, [(symbol: String, PythonExpression)])
    /// Arithmetic: the operands in order.
    case arithmetic([PythonExpression])
    case starred(PythonExpression)
    case walrus(String, PythonExpression)
    case slice([PythonExpression])
    /// An expression whose place is worth keeping.
    case placed(PythonExpression, SourcePlace)

    /// The expression without the marks of its place.
    var bare: PythonExpression {
        if case .placed(let inner, _) = self { return inner.bare }
        return self
    }

    var place: SourcePlace? {
        if case .placed(_, let place) = self { return place }
        return nil
    }
}

enum PythonConstant: Sendable, Equatable { case none, yes, no, ellipsis }

struct PythonArgument: Sendable {
    /// The keyword; `nil` for a positional argument, `**` for a mapping.
    let keyword: String?
    let value: PythonExpression
}

struct PythonClause: Sendable {
    let target: PythonExpression
    let source: PythonExpression
    let conditions: [PythonExpression]
}

struct PythonParameter: Sendable {
    enum Kind: Sendable, Equatable { case positional, keywordOnly, variadic, keywords }
    let name: String
    let kind: Kind
    let annotation: PythonExpression?
    let standard: PythonExpression?
}

struct PythonFunction: Sendable {
    let name: String
    let place: SourcePlace
    let isAsync: Bool
    let parameters: [PythonParameter]
    let decorators: [PythonExpression]
    let returns: PythonExpression?
    let body: [PythonStatement]
    /// The body holds a `yield` of its own.
    let isGenerator: Bool
    /// Byte range in the source, decorators included.
    let range: Range<Int>
}

struct PythonClass: Sendable {
    let name: String
    let place: SourcePlace
    let arguments: [PythonArgument]
    let decorators: [PythonExpression]
    let body: [PythonStatement]
}

struct PythonImport: Sendable {
    let name: String
    let alias: String?
    let place: SourcePlace
}

struct PythonHandler: Sendable {
    let type: PythonExpression?
    let name: String?
    let body: [PythonStatement]
}

struct PythonStatement: Sendable {
    indirect enum Kind: Sendable {
        case expression(PythonExpression)
        case assign([PythonExpression], PythonExpression)
        case annotated(PythonExpression, annotation: PythonExpression, PythonExpression?)
        case augmented(PythonExpression, symbol: String, PythonExpression)
        case function(PythonFunction)
        case classDefinition(PythonClass)
        case imports([PythonImport])
        /// `names` is empty for a star import.
        case fromImport(module: String, level: Int, names: [PythonImport])
        /// `if`, `elif`, `else`; the test is `nil` for `else`.
        case conditional([(test: PythonExpression?, body: [PythonStatement])])
        case loop(
            header: PythonExpression, target: PythonExpression?, body: [PythonStatement], otherwise: [PythonStatement])
        case with([(PythonExpression, target: PythonExpression?)], body: [PythonStatement])
        case attempt(
            body: [PythonStatement], handlers: [PythonHandler], otherwise: [PythonStatement], finally: [PythonStatement]
        )
        /// The names that the patterns bind are in `names`.
        case match(PythonExpression, names: [String], bodies: [[PythonStatement]])
        case raise(PythonExpression?)
        case returns(PythonExpression?)
        case delete([PythonExpression])
        case outer([String])
        case assertion(PythonExpression)
        case typeAlias(String)
        case pass
        case jump
    }
    let kind: Kind
    let place: SourcePlace
}
