import WorkerDomain

/// What the head of a part says.
struct PartHead: Sendable {
    let fields: [(name: String, value: String)]
    let name: String?
    let fileName: String?
    let mediaType: String?

    init(_ fields: [(name: String, value: String)] = []) {
        self.fields = Array(fields.prefix(32))
        func value(_ name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
        let disposition = value("content-disposition") ?? ""
        self.name = MediaType.parameter("name", of: disposition)
        self.fileName = MediaType.parameter("filename", of: disposition)
        self.mediaType = value("content-type")
    }

    func path(_ number: Int, _ language: Language) -> String {
        guard let name = self.name, !name.isEmpty else { return ContentPhrases.part(language, "\(number)") }
        return String(name.prefix(64))
    }

    func title(_ number: Int, _ language: Language) -> String {
        let parts = [ContentPhrases.part(language, "\(number)"), self.name, self.fileName]
        return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
    }
}
