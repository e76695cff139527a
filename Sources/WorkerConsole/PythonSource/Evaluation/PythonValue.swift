/// What is known of a value while a source is followed without running it.
indirect enum PythonValue {
    /// Anything.
    case unknown
    /// An object that is used as it should be, of which no more is known: a binding, a JavaScript object.
    case opaque
    case none
    case text(String?)
    case bytes
    case number(Int?)
    case boolean(Bool?)
    /// List, tuple or set; the items where they are known.
    case list([PythonValue]?)
    /// The entries with text keys, where all are known.
    case dictionary([String: PythonValue]?)
    case function(FunctionObject)
    case classObject(ClassObject)
    case instance(InstanceObject)
    /// A base class of the SDK: `WorkerEntrypoint`.
    case sdkBase(String)
    case module(ModuleObject)
    /// A name of a module that is not followed: `js.Response`.
    case external(String)
    case environment
    case request
    case response(status: Int?)
    /// A Response that a fetch gave: its headers cannot be changed.
    case fetched
    case fetchedHeaders
    /// What an async function returned, not awaited yet.
    case coroutine(PythonValue)
    /// A JavaScript promise.
    case promise(PythonValue)
    /// Raises when it is awaited.
    case failing(PythonRaise)
    case generator
    case globals(ModuleObject)
    case superProxy(InstanceObject)
    case exception(PythonRaise)
    case either([PythonValue])
}

/// A function with the names that it can see.
final class FunctionObject {
    let definition: PythonFunction
    let scope: PythonScope
    let module: ModuleObject
    /// Bound before the other arguments; `nil` for a plain function.
    let bound: PythonValue?

    init(_ definition: PythonFunction, scope: PythonScope, module: ModuleObject, bound: PythonValue? = nil) {
        self.definition = definition
        self.scope = scope
        self.module = module
        self.bound = bound
    }

    func binding(_ value: PythonValue) -> FunctionObject {
        FunctionObject(self.definition, scope: self.scope, module: self.module, bound: value)
    }
}

final class ClassObject {
    /// Classes above one that are known at most.
    private static let ancestorLimit = 256

    /// `__name__`, which decides under which name it registers.
    var name: String?
    let definedName: String
    let place: String
    /// The classes above this one, each once, in the order in which attributes are looked for.
    private(set) var ancestors: [ClassObject]
    /// What is inherited from modules that are not followed, each path once.
    let externalBases: [String]
    /// What a look through this class and those above it takes.
    let extent: Int
    var attributes: [String: PythonValue] = [:]
    /// Methods by kind: `staticmethod`, `classmethod`, `property`.
    var marks: [String: String] = [:]
    /// False when a decorator, a metaclass or a base may have changed it.
    var isKnown = true
    /// There are more classes above than ``ancestors`` has.
    private let isCut: Bool
    /// Bases of the SDK.
    private let sdkBases: Set<String>
    /// A base may be an entrypoint; a base may bring attributes.
    private let mayBeEntrypoint: Bool
    private let mayHaveMore: Bool

    init(name: String, place: String, bases: [PythonValue]) {
        self.name = name
        self.definedName = name
        self.place = place
        var sdk: Set<String> = []
        var external: Set<String> = []
        var (mayBeEntrypoint, mayHaveMore) = (false, false)
        var line = Lineage()
        for base in bases {
            switch base {
            case .sdkBase(let name): sdk.insert(name)
            case .classObject(let parent): line.add(parent, limit: Self.ancestorLimit)
            case .external(let path):
                external.insert(path)
                if path.hasPrefix("vendored.") { mayBeEntrypoint = true }
                if path != "builtins.object" { mayHaveMore = true }
            default: (mayBeEntrypoint, mayHaveMore) = (true, true)
            }
        }
        self.sdkBases = sdk
        self.externalBases = external.sorted()
        self.mayBeEntrypoint = mayBeEntrypoint
        self.mayHaveMore = mayHaveMore
        self.ancestors = line.classes
        self.isCut = line.isCut
        self.extent = line.work + external.count + 1
    }

    /// Classes in the order in which they are come upon, each once, however many ways lead to it.
    private struct Lineage {
        var classes: [ClassObject] = []
        var isCut = false
        var work = 0
        private var seen: Set<ObjectIdentifier> = []

        mutating func add(_ parent: ClassObject, limit: Int) {
            // With a class all those above it were added.
            guard !self.isCut, !self.seen.contains(ObjectIdentifier(parent)) else { return }
            self.isCut = parent.isCut
            for item in [parent] + parent.ancestors {
                self.work += 1 + item.externalBases.count
                guard self.seen.insert(ObjectIdentifier(item)).inserted else { continue }
                guard self.classes.count < limit else {
                    self.isCut = true
                    return
                }
                self.classes.append(item)
            }
        }
    }

    /// True, false, or `nil` when a base is not known.
    func isSubclass(of base: String) -> Bool? {
        if self.sdkBases.contains(base) { return true }
        if self.ancestors.contains(where: { $0.sdkBases.contains(base) }) { return true }
        let isSure = self.isSure && !self.isCut && self.ancestors.allSatisfy(\.isSure)
        return isSure ? false : nil
    }

    /// Lets go of what it refers to.
    func clear() {
        self.attributes = [:]
        self.ancestors = []
    }

    private var isSure: Bool { self.isKnown && !self.mayBeEntrypoint }

    /// The first class that has the attribute, in order of definition from here; `nil` for none.
    func owner(of attribute: String) -> ClassObject? {
        self.attributes[attribute] != nil ? self : self.inheritedOwner(of: attribute)
    }

    /// The first class above that has the attribute; `nil` for none.
    func inheritedOwner(of attribute: String) -> ClassObject? {
        self.ancestors.first { $0.attributes[attribute] != nil }
    }

    /// False when a base may bring attributes that are not seen here.
    var isClosed: Bool {
        !self.isCut && self.isKnown && !self.mayHaveMore
            && self.ancestors.allSatisfy { $0.isKnown && !$0.mayHaveMore }
    }
}

final class InstanceObject {
    let type: ClassObject
    var attributes: [String: PythonValue] = [:]

    init(_ type: ClassObject) { self.type = type }
}

final class ModuleObject {
    let name: String
    let file: String
    let isPackage: Bool
    let scope: PythonScope
    var isLoaded = false
    /// `from __future__ import annotations`.
    var postponesAnnotations = false

    init(name: String, file: String, isPackage: Bool = false) {
        self.name = name
        self.file = file
        self.isPackage = isPackage
        self.scope = PythonScope(parent: nil)
    }
}

/// Names and what they stand for.
final class PythonScope {
    var names: [String: PythonValue] = [:]
    /// Where each name was bound last.
    var places: [String: SourcePlace] = [:]
    let parent: PythonScope?
    /// Names of `global` and `nonlocal`.
    var outer: Set<String> = []
    /// A name that is not here may exist: a star import or `exec` may have made it.
    var hasUnknownNames = false

    init(parent: PythonScope?) { self.parent = parent }
}

/// An exception that certainly comes.
struct PythonRaise: Error {
    /// The names of its class and of the classes above it.
    let lineage: [String]
    let message: String
    /// `worker.py:12:1`.
    let place: String?
    /// False when no `except` stops it: the whole isolate ends.
    var isCatchable = true

    var description: String { "\(self.lineage.first ?? "Exception"): \(self.message)" }
}
