" Vim: which files are IDL of MIDL's kind; CORBA's has the same suffix.

au BufNewFile,BufRead *.idl,*.acf setfiletype uvidl
