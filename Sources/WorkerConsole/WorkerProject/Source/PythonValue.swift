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
    /// `__name__`, which decides under which name it registers.
    var name: String?
    let definedName: String
    let place: String
    let bases: [PythonValue]
    var attributes: [String: PythonValue] = [:]
    /// Methods by kind: `staticmethod`, `classmethod`, `property`.
    var marks: [String: String] = [:]
    /// False when a decorator, a metaclass or a base may have changed it.
    var isKnown = true

    init(name: String, place: String, bases: [PythonValue]) {
        self.name = name
        self.definedName = name
        self.place = place
        self.bases = bases
    }

    /// True, false, or `nil` when a base is not known.
    func isSubclass(of base: String, depth: Int = 0) -> Bool? {
        guard depth < 32 else { return nil }
        var isSure = self.isKnown
        for item in self.bases {
            switch item {
            case .sdkBase(let name): if name == base { return true }
            case .classObject(let parent):
                switch parent.isSubclass(of: base, depth: depth + 1) {
                case true?: return true
                case nil: isSure = false
                case false?: break
                }
            case .external(let path): if path.hasPrefix("vendored.") { isSure = false }
            default: isSure = false
            }
        }
        return isSure ? false : nil
    }

    /// The first class that has the attribute, in order of definition from here; `nil` for none.
    func owner(of attribute: String, depth: Int = 0) -> ClassObject? {
        if self.attributes[attribute] != nil { return self }
        guard depth < 32 else { return nil }
        for case .classObject(let parent) in self.bases {
            if let owner = parent.owner(of: attribute, depth: depth + 1) { return owner }
        }
        return nil
    }

    /// False when a base may bring attributes that are not seen here.
    func isClosed(depth: Int = 0) -> Bool {
        guard depth < 32, self.isKnown else { return false }
        return self.bases.allSatisfy { base in
            switch base {
            case .sdkBase: true
            case .classObject(let parent): parent.isClosed(depth: depth + 1)
            case .external(let name): name == "builtins.object"
            default: false
            }
        }
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
