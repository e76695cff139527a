/// Main and the modules of the project that it imports.
package struct ImportedSources {
    private let main: String
    private let files: any EntrypointFiles
    private let minor: Int

    /// Sources that are read at most, and paths where one may be.
    private static let readLimit = 64
    private static let pathLimit = 2_048

    /// - Parameters:
    ///   - main: Path of the main file, relative to its own folder: `worker.py`.
    ///   - files: Where main and its modules are read from.
    ///   - minor: The minor version of the interpreter that reads them.
    package init(main: String, files: any EntrypointFiles, minor: Int) {
        self.main = main
        self.files = files
        self.minor = minor
    }

    /// The addresses in them, each with its file; a source that cannot be read has none.
    package func addresses() -> [(file: String, finding: SourceAddresses.Finding)] {
        var found: [(file: String, finding: SourceAddresses.Finding)] = []
        self.visit { file, _, statements in
            found += SourceAddresses.findings(in: statements).map { (file, $0) }
        }
        return found
    }

    /// The sources as they are, main first.
    package func sources() -> [(file: String, bytes: [UInt8])] {
        var found: [(file: String, bytes: [UInt8])] = []
        self.visit { file, bytes, _ in found.append((file, bytes)) }
        return found
    }

    /// The names that they read from their environment.
    package func environmentUses() -> EnvironmentUses {
        var found: [(file: String, statements: [PythonStatement])] = []
        self.visit { file, _, statements in found.append((file, statements)) }
        return EnvironmentUses(in: found)
    }

    private func visit(_ body: (_ file: String, _ bytes: [UInt8], _ statements: [PythonStatement]) -> Void) {
        var waiting = [self.main]
        var seen: Set<String> = [self.main]
        var count = 0
        while count < Self.readLimit, let file = waiting.popLast() {
            guard let bytes = self.files.bytes(file) else { continue }
            count += 1
            guard let statements = try? self.files.statements(of: bytes, minor: self.minor) else { continue }
            body(file, bytes, statements)
            for name in Self.modules(in: statements, of: file) {
                for path in ["\(name).py", "\(name)/__init__.py"] where seen.count < Self.pathLimit {
                    if seen.insert(path).inserted { waiting.append(path) }
                }
            }
        }
    }

    /// The modules that a source may import, as paths without their ending.
    private static func modules(in statements: [PythonStatement], of file: String) -> [String] {
        var names: [String] = []
        func visit(_ statements: [PythonStatement], depth: Int) {
            guard depth < 20 else { return }
            for statement in statements where names.count < Self.pathLimit {
                switch statement.kind {
                case .imports(let items):
                    names += items.prefix(Self.pathLimit).map { $0.name.replacing(".", with: "/") }
                case .fromImport(let module, let level, let items):
                    // No path is longer.
                    guard module.utf8.count < 4_096 else { continue }
                    var base = level > 0 ? file.split(separator: "/").dropLast(level).map(String.init) : []
                    base += module.split(separator: ".").map(String.init)
                    names.append(base.joined(separator: "/"))
                    names += items.prefix(Self.pathLimit).map { (base + [$0.name]).joined(separator: "/") }
                case .conditional(let branches): for branch in branches { visit(branch.body, depth: depth + 1) }
                case .attempt(let body, let handlers, _, _):
                    visit(body, depth: depth + 1)
                    for handler in handlers { visit(handler.body, depth: depth + 1) }
                case .function(let function): visit(function.body, depth: depth + 1)
                case .classDefinition(let definition): visit(definition.body, depth: depth + 1)
                default: break
                }
            }
        }
        visit(statements, depth: 0)
        return names.filter { !$0.isEmpty }
    }
}
