extension MisplacedKey {
    /// What a person has done.
    var summary: String {
        switch (self.isTOML, self.table) {
        case (true, "vars"): "\(self.key) is not set: it is below [vars], so it is a variable of the Worker"
        case (true, _): "\(self.key) is not set: it is below [\(self.table)], so it belongs to that table"
        case (false, "vars"): "\(self.key) is not set: it is inside \"vars\", so it is a variable of the Worker"
        case (false, _): "\(self.key) is not set: it is inside \"\(self.table)\", so it belongs to that object"
        }
    }

    /// What helps.
    var fix: String {
        self.isTOML ? "move it above the first [table] header" : "move it to the top level of the file"
    }
}
