/// An expression, as far as the analysis needs it.
indirect enum PythonExpression: Sendable {
    case name(String)
    case attribute(PythonExpression, String)
    case call(PythonExpression, [PythonArgument])
    case item(PythonExpression, PythonExpression)
    /// A text; `nil` when its value is not known.
    case text(String?)
    case bytes
    /// The texts and fields of a formatted string, in order.
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
    case yield(PythonExpression?, isFrom: Bool)
    case lambda(PythonFunction)
    /// Element expressions, and the clauses in order.
    case comprehension([PythonExpression], [PythonClause], PythonComprehension)
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
    /// In parentheses, which some places ask for and others forbid.
    case group(PythonExpression)
    /// An expression whose place is worth keeping.
    case placed(PythonExpression, SourcePlace)

    /// The expression without parentheses and the marks of its place.
    var bare: PythonExpression {
        switch self {
        case .placed(let inner, _), .group(let inner): inner.bare
        default: self
        }
    }

    /// The expression without the marks of its place, parentheses kept.
    var unplaced: PythonExpression {
        if case .placed(let inner, _) = self { return inner.unplaced }
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

/// What a comprehension makes.
enum PythonComprehension: String, Sendable {
    case list = "list comprehension"
    case set = "set comprehension"
    case dictionary = "dict comprehension"
    case generator = "generator expression"
}

struct PythonClause: Sendable {
    let isAsync: Bool
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

/// A parameter in brackets behind a name: `T: int = str`, `*Ts`, `**P`.
struct PythonTypeParameter: Sendable {
    let name: String
    let place: SourcePlace
    let bound: PythonExpression?
    let standard: PythonExpression?
}

struct PythonFunction: Sendable {
    let name: String
    let place: SourcePlace
    let isAsync: Bool
    let typeParameters: [PythonTypeParameter]
    let parameters: [PythonParameter]
    let decorators: [PythonExpression]
    let returns: PythonExpression?
    let body: [PythonStatement]
    /// The body holds a `yield` of its own.
    let isGenerator: Bool
}

struct PythonClass: Sendable {
    let name: String
    let place: SourcePlace
    let typeParameters: [PythonTypeParameter]
    let arguments: [PythonArgument]
    let decorators: [PythonExpression]
    let body: [PythonStatement]
}

struct PythonImport: Sendable {
    let name: String
    let alias: String?
    let place: SourcePlace
}

/// One `case` of a match statement.
struct PythonCase: Sendable {
    /// The names that the pattern binds.
    let names: [String]
    /// Names and attributes that the pattern compares with, and classes.
    let values: [PythonExpression]
    let guardTest: PythonExpression?
    /// The pattern takes everything, and no test stands behind it.
    let takesAll: Bool
    let body: [PythonStatement]
}

struct PythonHandler: Sendable {
    let place: SourcePlace
    /// `except*`.
    let isGroup: Bool
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
            header: PythonExpression, target: PythonExpression?, isAsync: Bool, body: [PythonStatement],
            otherwise: [PythonStatement])
        case with([(PythonExpression, target: PythonExpression?)], isAsync: Bool, body: [PythonStatement])
        case attempt(
            body: [PythonStatement], handlers: [PythonHandler], otherwise: [PythonStatement], finally: [PythonStatement]
        )
        case match(PythonExpression, [PythonCase])
        case raise(PythonExpression?, cause: PythonExpression?)
        case returns(PythonExpression?)
        case delete([PythonExpression])
        case outer([String], isGlobal: Bool)
        case assertion(PythonExpression, message: PythonExpression?)
        case typeAlias(String, [PythonTypeParameter], PythonExpression)
        case pass
        case jump(isBreak: Bool)
    }
    let kind: Kind
    let place: SourcePlace
}
