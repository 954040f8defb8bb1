# functions.awk: the functions of the public header with their comments, in the language of scdoc.

function escape(text) {
    gsub(/[*_\\#`\[\]<>~]/, "\\\\&", text)
    return text
}

/^\/\*/ { comment = "" }
/^\/\*/, /\*\/$/ {
    line = $0
    gsub(/^\/\* ?|^ \* ?|^ \*\/| ?\*\/$/, "", line)
    comment = comment (comment == "" || line == "" || comment ~ /\n$/ ? "" : " ") line
    if (line == "" && comment != "") {
        comment = comment "\n\n"
    }
    next
}
/^OWI_API/ { declaration = ""; inside = 1 }
inside {
    line = $0
    sub(/^OWI_API /, "", line)
    gsub(/^ +/, "", line)
    declaration = declaration (declaration == "" ? "" : " ") line
    if (line ~ /;$/) {
        print "*" escape(declaration) "*"
        if (comment != "") {
            text = escape(comment)
            gsub(/\n\n/, "&\t", text)
            print "\t" text
        }
        print ""
        inside = 0
        comment = ""
    }
    next
}
!/^$/ { comment = "" }
