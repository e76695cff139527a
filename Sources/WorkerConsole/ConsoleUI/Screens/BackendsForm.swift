import TerminalCanvas
import Widgets
import WorkerDomain

/// The form that adds a backend: a name and a URL, checked while they are typed.
struct BackendsForm: Sendable, Equatable {
    enum Part: Sendable, Equatable { case name, url }

    /// What is wrong with the name.
    enum NameProblem: Sendable, Equatable { case empty, tooLong, badCharacter, taken }

    var name: TextField
    var url: TextField
    var part: Part
    /// Problems are shown from the first Enter on, so that nobody is told off while typing.
    private(set) var wasSubmitted = false
    /// Why the backend could not be added; from the last try.
    var refusal: BackendControlError?
    /// It is being added.
    var isSaving = false

    init(name: String = "", url: String = "") {
        self.name = TextField(name)
        self.url = TextField(url)
        self.part = name.isEmpty ? .name : .url
    }

    func nameProblem(taken: [String]) -> NameProblem? {
        let name = self.name.text
        if name.isEmpty { return .empty }
        if name.utf8.count > 64 { return .tooLong }
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2E || byte == 0x5F
                || byte == 0x2D
        }
        if !isPlain { return .badCharacter }
        return taken.contains(name) ? .taken : nil
    }

    /// What the URL field says, read.
    var parsedURL: Result<BackendURL, BackendURLError> {
        do throws(BackendURLError) { return .success(try BackendURL(parsing: self.url.text)) } catch {
            return .failure(error)
        }
    }

    mutating func switchPart() { self.part = self.part == .name ? .url : .name }

    mutating func edit(_ change: (inout TextField) -> Void) {
        self.refusal = nil
        switch self.part {
        case .name: change(&self.name)
        case .url: change(&self.url)
        }
    }

    /// - Returns: The backend, when both fields are right; else the focus goes to the first field that is not.
    mutating func submit(taken: [String]) -> Backend? {
        self.wasSubmitted = true
        if self.nameProblem(taken: taken) != nil {
            self.part = .name
            return nil
        }
        guard case .success(let url) = self.parsedURL else {
            self.part = .url
            return nil
        }
        return Backend(name: self.name.text, url: url)
    }
}
