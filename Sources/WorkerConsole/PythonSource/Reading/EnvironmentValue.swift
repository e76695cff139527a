/// What a name stands for, as far as the Worker's environment is concerned.
indirect enum EnvironmentValue: Equatable {
    /// `None`, or what no way has shown yet: whatever comes beside it counts.
    case nothing
    case environment
    /// The environment on some way, something else on another.
    case perhaps
    /// `self`; the class is `nil` where it is not known.
    case instance(of: Int?)
    case function(Int)
    /// A function of an instance or a class, which brings its first argument.
    case method(Int)
    case type(Int)
    /// A source of the project, by its number.
    case module(Int)
    /// The module `workers`.
    case sdk
    /// One of these texts.
    case texts([String])
    /// A tuple with what it holds.
    case row([EnvironmentValue])
    /// Something that certainly is not the environment: a text, a number, `os.environ`.
    case other
    case unknown

    private static let limit = 64

    /// Either of both.
    func joined(_ other: EnvironmentValue) -> EnvironmentValue {
        if self == other { return self }
        switch (self, other) {
        case (.nothing, let value), (let value, .nothing): return value
        case (.environment, _), (_, .environment), (.perhaps, _), (_, .perhaps): return .perhaps
        case (.texts(let left), .texts(let right)):
            let all = left + right.filter { !left.contains($0) }
            return all.count <= Self.limit ? .texts(all) : .unknown
        case (.row(let left), .row(let right)) where left.count == right.count:
            return .row(zip(left, right).map { $0.joined($1) })
        default: return self.mayBeEnvironment || other.mayBeEnvironment ? .perhaps : .unknown
        }
    }

    /// The environment may be in it.
    var mayBeEnvironment: Bool {
        switch self {
        case .environment, .perhaps: true
        case .row(let items): items.contains(where: \.mayBeEnvironment)
        default: false
        }
    }
}
