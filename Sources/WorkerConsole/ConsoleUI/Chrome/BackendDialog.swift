import TerminalCanvas
import Widgets
import WorkerDomain

/// The dialog behind `t`: switches the backend, or asks for the first one.
struct BackendDialog: Sendable, Equatable {
    enum Mode: Sendable, Equatable { case choose, add }

    /// What Enter asks for.
    enum Decision: Sendable, Equatable {
        case activate(String)
        case add(Backend)
    }

    var mode: Mode
    /// Narrows the list by name.
    var name = TextField(limit: 64)
    var url = TextField(limit: 2048)
    /// Why the last Enter was refused.
    var problem: String?
    var isBusy = false
    private var selected: String?
    private var suggestion: Int?

    init(in world: World) {
        self.mode = world.backends.backends.isEmpty ? .add : .choose
        let active = world.backends.backends.firstIndex { $0.isActive }
        // The likely wish is the next one: two Enters from anywhere go there and, with `u`, back.
        if let active, world.backends.backends.count > 1 {
            self.selected = world.backends.backends[(active + 1) % world.backends.backends.count].backend.name
        }
    }

    func shown(in world: World) -> [BackendStatus] {
        let query = self.name.text.lowercased()
        return world.backends.backends.filter { query.isEmpty || $0.backend.name.lowercased().contains(query) }
    }

    func selection(in world: World) -> BackendStatus? {
        let shown = self.shown(in: world)
        return shown.first { $0.backend.name == self.selected } ?? shown.first
    }

    func suggestions(in world: World) -> [(name: String, url: String)] {
        world.status.suggestedBackends.sorted { $0.key < $1.key }.map { (name: $0.key, url: $0.value) }
    }

    /// Takes a key.
    /// - Returns: What to do when the key was an Enter that decides.
    mutating func take(_ key: KeyEvent, in world: World) -> Decision? {
        guard !self.isBusy else { return nil }
        switch key {
        case .enter: return self.decide(in: world)
        case .up, .control("p"): self.move(-1, in: world)
        case .down, .control("n"): self.move(1, in: world)
        case .tab where !world.backends.backends.isEmpty:
            self.mode = self.mode == .choose ? .add : .choose
            self.problem = nil
        default:
            self.problem = nil
            switch self.mode {
            case .choose:
                if self.name.handle(key) { self.selected = nil }
            case .add:
                if self.url.handle(key) { self.suggestion = nil }
            }
        }
        return nil
    }

    mutating func paste(_ text: String) {
        guard !self.isBusy else { return }
        switch self.mode {
        case .choose: self.name.paste(text)
        case .add: self.url.paste(text)
        }
    }

    private mutating func move(_ step: Int, in world: World) {
        switch self.mode {
        case .choose:
            let names = self.shown(in: world).map(\.backend.name)
            guard !names.isEmpty else { return }
            let now = self.selected.flatMap { names.firstIndex(of: $0) } ?? 0
            self.selected = names[(now + step + names.count) % names.count]
        case .add:
            let suggestions = self.suggestions(in: world)
            guard !suggestions.isEmpty else { return }
            let next = self.suggestion.map { $0 + step } ?? (step > 0 ? 0 : suggestions.count - 1)
            let index = (next + suggestions.count) % suggestions.count
            self.suggestion = index
            self.url.set(suggestions[index].url)
        }
    }

    private mutating func decide(in world: World) -> Decision? {
        switch self.mode {
        case .choose:
            guard let status = self.selection(in: world) else {
                self.problem = ChromePhrases.backendNoMatch(world.language)
                return nil
            }
            return .activate(status.backend.name)
        case .add:
            do throws(BackendURLError) {
                let url = try BackendURL(parsing: self.url.text)
                return .add(Backend(name: self.newName(for: url, in: world), url: url))
            } catch {
                let language = world.language
                self.problem = ChromePhrases.badURL(language, language.text(error.problem))
                return nil
            }
        }
    }

    /// The name that a new backend gets: its host, and its port where that is not the usual one.
    func newName(for url: BackendURL, in world: World) -> String {
        let usual = url.port == (url.scheme == .https ? 443 : 80)
        let place =
            url.socketPath.map { String($0.split(separator: "/").last ?? "socket") }
            ?? url.host + (usual ? "" : "-\(url.port)")
        let plain = place.utf8.map { byte -> Character in
            let isAllowed =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2E || byte == 0x2D
            return isAllowed ? Character(Unicode.Scalar(byte)) : "-"
        }
        let base = String(plain.prefix(60))
        let taken = Set(world.backends.backends.map(\.backend.name))
        if !taken.contains(base) { return base }
        return (2...99).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? base
    }
}
