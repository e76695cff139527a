/// Imports: modules beside main are followed, the runtime's own are known by name.
extension PythonEvaluator {
    func importModule(_ item: PythonImport, in scope: PythonScope) throws(PythonRaise) {
        let parts = item.name.split(separator: ".").map(String.init)
        var value = try self.module(parts[0], at: item.place)
        let top = value
        for part in parts.dropFirst() { value = try self.submodule(part, of: value, at: item.place) }
        self.bind(item.alias ?? parts[0], to: item.alias == nil ? top : value, in: scope, at: item.place)
    }

    func importNames(
        from name: String, level: Int, names: [PythonImport], in scope: PythonScope, at place: SourcePlace
    ) throws(PythonRaise) {
        if name == "__future__" {
            if names.contains(where: { $0.name == "annotations" }) { self.module.postponesAnnotations = true }
            return
        }
        let source =
            level > 0 ? try self.relativeModule(name, level: level, at: place) : try self.dotted(name, at: place)
        guard !names.isEmpty else { return try self.importEverything(from: source, in: scope, at: place) }
        for item in names {
            let value = try self.member(item.name, of: source, at: item.place)
            self.bind(item.alias ?? item.name, to: value, in: scope, at: item.place)
        }
    }

    private func dotted(_ name: String, at place: SourcePlace) throws(PythonRaise) -> PythonValue {
        let parts = name.split(separator: ".").map(String.init)
        var value = try self.module(parts[0], at: place)
        for part in parts.dropFirst() { value = try self.submodule(part, of: value, at: place) }
        return value
    }

    private func relativeModule(_ name: String, level: Int, at place: SourcePlace) throws(PythonRaise) -> PythonValue {
        var parts = self.module.name.split(separator: ".").map(String.init)
        if !self.module.isPackage { parts = parts.dropLast() }
        parts = parts.dropLast(min(level - 1, parts.count))
        guard !parts.isEmpty else {
            throw self.raise("ImportError", "attempted relative import with no known parent package", at: place)
        }
        return try self.dotted((parts + name.split(separator: ".").map(String.init)).joined(separator: "."), at: place)
    }

    private func importEverything(
        from source: PythonValue, in scope: PythonScope, at place: SourcePlace
    ) throws(PythonRaise) {
        switch source {
        case .module(let module):
            if !module.isLoaded || module.scope.hasUnknownNames {
                scope.hasUnknownNames = true
                self.doubt("a star import that cannot be followed", at: place)
            }
            var names = module.scope.names.keys.filter { !$0.hasPrefix("_") }
            switch module.scope.names["__all__"] {
            case nil: break
            case .list(let items?)?:
                names = []
                for case .text(let name?) in items {
                    guard module.scope.names[name] != nil else {
                        throw self.raise(
                            "AttributeError", "module '\(module.name)' has no attribute '\(name)'", at: place)
                    }
                    names.append(name)
                }
            default:
                scope.hasUnknownNames = true
                self.doubt("the names of a star import are not known", at: place)
            }
            self.count(names.count)
            for name in names {
                scope.names[name] = module.scope.names[name]
                scope.places[name] = place
            }
        case .external("workers"):
            for name in PythonKnowledge.sdkNames {
                scope.names[name] = try self.member(name, of: source, at: place)
                scope.places[name] = place
            }
        case .external(let path) where PythonKnowledge.safeModules.contains(path):
            // Names of the standard library; none of them is an entrypoint.
            scope.hasUnknownNames = true
        default:
            scope.hasUnknownNames = true
            self.doubt("a star import that cannot be followed", at: place)
        }
    }

    private func module(_ name: String, at place: SourcePlace) throws(PythonRaise) -> PythonValue {
        if let local = try self.localModule(name, at: place) { return local }
        if name == "workers" || name == "asgi" {
            if !self.flags.needsVendoredSDK || self.environment.vendored.contains(name) { return .external(name) }
            throw self.raise("ModuleNotFoundError", "No module named '\(name)'", at: place)
        }
        if self.environment.vendored.contains(name) { return .external("vendored." + name) }
        if PythonKnowledge.modules.contains(name) || PythonKnowledge.runtimeModules.contains(name) {
            return .external(name)
        }
        if PythonKnowledge.doubtfulModules.contains(name) || name.hasPrefix("_")
            || name == "cloudflare" && self.flags.pythonMinor == 12
        {
            self.doubt("whether the runtime has the module \(name) is not known", at: place)
            return .unknown
        }
        if self.environment.declaresPackages {
            self.doubt("the package \(name) is declared and not in python_modules/ yet", at: place)
            return .unknown
        }
        throw self.raise("ModuleNotFoundError", "No module named '\(name)'", at: place)
    }

    /// The module of that dotted name beside main; `nil` when there is none.
    private func localModule(_ name: String, at place: SourcePlace) throws(PythonRaise) -> PythonValue? {
        if let known = self.modules[name] {
            // A package that is being read may import its own modules.
            if !known.isLoaded, !known.isPackage { self.doubt("modules that import each other", at: place) }
            return .module(known)
        }
        guard !self.hasTooManyModules else { return .unknown }
        guard !self.absentModules.contains(name) else { return nil }
        let path = name.split(separator: ".").joined(separator: "/")
        for (file, isPackage) in [("\(path)/__init__.py", true), ("\(path).py", false)] {
            guard let bytes = self.files.bytes(file) else { continue }
            guard self.modules.count < 64 else {
                // The next one is not even looked for, which would read it.
                self.hasTooManyModules = true
                self.doubt("more than 64 modules", at: place)
                return .unknown
            }
            if PythonKnowledge.modules.contains(name) {
                self.doubt("\(file) has the name of a module of the standard library", at: place)
            }
            let module = self.objects.module(name: name, file: file, isPackage: isPackage)
            self.modules[name] = module
            try self.load(module, bytes: bytes)
            return .module(module)
        }
        guard self.files.isFolder(path), !PythonKnowledge.modules.contains(name) else {
            self.absentModules.insert(name)
            return nil
        }
        let module = self.objects.module(name: name, file: path, isPackage: true)
        module.isLoaded = true
        self.modules[name] = module
        return .module(module)
    }

    /// Reads and follows a module's source.
    func load(_ module: ModuleObject, bytes: [UInt8]) throws(PythonRaise) {
        let statements: [PythonStatement]
        do {
            statements = try self.files.statements(of: bytes, minor: self.flags.pythonMinor)
        } catch {
            let place = "\(module.file):\(error.place)"
            switch error.code {
            case .syntax, .binary:
                throw PythonRaise(
                    lineage: PythonKnowledge.lineage(of: "SyntaxError"), message: error.message, place: place)
            case .tooLarge, .encoding, .tooComplex:
                module.scope.hasUnknownNames = true
                self.doubts.append(Doubt(text: "\(module.file) cannot be read: \(error.message)", place: place))
                return
            }
        }
        let (caller, callerPlace, depth) = (self.module, self.lastPlace, self.callDepth)
        self.module = module
        self.callDepth = 0
        defer {
            self.module = caller
            self.lastPlace = callerPlace
            self.callDepth = depth
        }
        module.scope.names["__name__"] = .text(module.name.split(separator: "/").last.map(String.init) ?? module.name)
        _ = try self.run(statements, in: module.scope)
        module.isLoaded = true
    }

    private func submodule(_ name: String, of value: PythonValue, at place: SourcePlace) throws(PythonRaise)
        -> PythonValue
    {
        switch value {
        case .module(let module):
            let path = module.name + "." + name
            if let sub = try self.localModule(path, at: place) {
                module.scope.names[name] = sub
                return sub
            }
            throw self.raise("ModuleNotFoundError", "No module named '\(path)'", at: place)
        case .external(let path):
            return path.utf8.count < Self.pathLimit ? .external(path + "." + name) : .unknown
        default: return .unknown
        }
    }

    /// Bytes of a dotted name that is followed: each step writes the whole name anew.
    private static let pathLimit = 1_024

    /// What `from module import name` gives.
    private func member(_ name: String, of source: PythonValue, at place: SourcePlace) throws(PythonRaise)
        -> PythonValue
    {
        switch source {
        case .module(let module):
            if let value = module.scope.names[name] { return value }
            if let sub = try self.localModule(module.name + "." + name, at: place) { return sub }
            guard module.isLoaded, !module.scope.hasUnknownNames, module.scope.names["__getattr__"] == nil else {
                self.doubt("the name \(name) of module \(module.name) is not known", at: place)
                return .unknown
            }
            throw self.raise("ImportError", "cannot import name '\(name)' from '\(module.name)'", at: place)
        case .external(let path): return try self.externalMember(name, of: path, at: place)
        default: return .unknown
        }
    }

    private func externalMember(_ name: String, of path: String, at place: SourcePlace) throws(PythonRaise)
        -> PythonValue
    {
        switch path {
        case "workers":
            guard PythonKnowledge.sdkNames.contains(name) else {
                if self.environment.vendored.contains("workers"), name == "asgi" { return .external("asgi") }
                if self.environment.vendored.contains("workers") || name == "workflows" || name == "_workers" {
                    return .unknown
                }
                if ["wait_until", "DurableObjectState"].contains(name) || name.hasPrefix("_") {
                    self.doubt("whether the SDK of this date has \(name) is not known", at: place)
                    return .unknown
                }
                throw self.raise("ImportError", "cannot import name '\(name)' from 'workers'", at: place)
            }
        case "js":
            if !PythonKnowledge.scriptNames.contains(name) {
                self.doubt("whether JavaScript has the global \(name) is not known", at: place)
                return .unknown
            }
        default: break
        }
        return self.external(path + "." + name)
    }

    /// The value of a dotted name of a module that is not followed.
    func external(_ path: String) -> PythonValue {
        switch path {
        case "workers.env": return .environment
        case "sys.platform": return .text("emscripten")
        case "typing.TYPE_CHECKING": return .boolean(false)
        case "sys.version_info": return .list([.number(3), .number(self.flags.pythonMinor)])
        case "builtins.None": return .none
        default:
            if path.utf8.count >= Self.pathLimit { return .unknown }
            if path.hasPrefix("workers."), PythonKnowledge.sdkBases.contains(String(path.dropFirst(8))) {
                return .sdkBase(String(path.dropFirst(8)))
            }
            return .external(path)
        }
    }
}
