extension Sentences {
    /// Python sources; what CPython words itself stays as CPython words it.
    static let python: [Phrase] = [
        // What helps against errors that Python words itself.
        Phrase("put the positional arguments first", "把位置参数放在前面"),
        Phrase("a keyword argument is a plain name before =", "关键字参数的 = 之前只能是名称"),
        Phrase("put it in parentheses", "加上括号"),
        Phrase("add an except or a finally to the try on line %1", "为第 %1 行的 try 添加 except 或 finally"),
        Phrase("only a plain name can come before :=", ":= 之前只能是名称"),
        Phrase("remove the comma", "去掉逗号"),
        Phrase("write the number without them, or 0o in front of an octal one", "去掉前导零；八进制数请加 0o"),
        Phrase("write it in hexadecimal", "写成十六进制"),
        Phrase("write }} for a brace that is text", "作为文本的花括号请写成 }}"),
        Phrase("type a plain quote, ' or \"", "请使用普通引号 ' 或 \""),
        Phrase("a lambda cannot wait: write an `async def`", "lambda 不能 await：请写成 `async def`"),
        // What the grammar here cannot decide.
        Phrase("nested more than %1 deep", "嵌套超过 %1 层"),
        Phrase("an expression of more than %1 levels", "表达式超过 %1 层"),
        Phrase("a chain of more than %1 parts", "链式表达式超过 %1 段"),
        Phrase("the line ends too early", "该行提前结束"),
        Phrase("the block ends too early", "代码块提前结束"),
        Phrase("%1 bytes are more than the %2 that are read", "%1 字节，超过可读取的 %2 字节"),
        Phrase("the file is not text", "文件不是文本"),
        Phrase("the bytes are not UTF-8 and no encoding is declared", "内容不是 UTF-8，也没有声明编码"),
        Phrase("the file declares ASCII and has other bytes", "文件声明为 ASCII，但含有其他字节"),
    ]
}
